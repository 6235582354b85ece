"""Records what the C library makes of addresses, for TestGetaddrinfo.

    python3 addresses.py > addresses.txt             # the rows of the list below
    python3 addresses.py 100000 SEED > fuzz.txt      # random ones, for GETADDRINFO_FUZZ=fuzz.txt

Columns, separated by tabs: host; result for either family; result for AF_INET. A result is an
address, with %N for a scope, or the number of the error. Names are not looked up.
"""
import random, socket, sys

HOSTS = """
127.0.0.1 0.0.0.0 255.255.255.255 256.0.0.1 1.2.3 1.2.65535 1.2.65536 127.1 1.16777215 1.16777216 0 1 4294967295 4294967296
0x7f000001 0X7F.1 0x 0x.1 017700000001 08 010.010.010.010 0x7f.0.0.1 1.2.3.4.5 1.2.3. .1.2.3 1..2 1.2.3.4x 1.2.3.0x1f 1.2.3.08
+1.2.3.4 1.-2.3.4 1.2.3.4% 1.2.3.4%lo 00 000 0x0 1.0x 0x1.0x2.0x3.0x4 1.2.3.00000000000000000001
:: ::1 1:: ::ffff:127.0.0.1 ::127.0.0.1 ::ffff:7f00:1 ::ffff:127.1 ::ffff:0127.0.0.1 ::ffff:256.0.0.1 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7
1:2:3:4:5:6:7:8:9 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8 1:2:3:4::5:6:7:8 1:2:3:4:5:6:1.2.3.4 1:2:3:4:5:6:7:1.2.3.4 1::2::3 ::: :1 1:
12345:: ::12345 g:: ::0001 ::00001 2001:DB8::1 2001:db8:0:0:1:0:0:1 2001:0:0:1:0:0:0:1 0:0:0:0:0:0:0:0 0:0:0:0:0:ffff:1.2.3.4 ::1.2.3.4
::0.0.1.2 ::1:2 ::fffe:1.2.3.4 64:ff9b::1.2.3.4 ::1.2.3 ::1.2.3.4.5 ::1.2.3.4:5 1.2.3.4:: ::1% ::1%lo ::1%1 ::1%4294967295 ::1%4294967296
::1%01 ::1%x fe80::1 fe80::1%lo fe80::1%1 fe80::1%99 fe80::1%nosuch fe80::1%1x febf::1%lo fec0::1%lo fec0::1%1 ff02::1%lo ff12::1%lo ff01::1%lo fe80::1%lo%lo
::ffff:1.2.3.4%lo ::ffff:1.2.3.4%1 fe80::% [::1] ::1/128
""".split()


def result(host, family):
    # Bytes, since str goes through the idna codec, which stops at empty labels.
    flags = socket.AI_PASSIVE | socket.AI_NUMERICHOST
    try:
        info = socket.getaddrinfo(host.encode(), 0, family, socket.SOCK_STREAM, 0, flags)
    except socket.gaierror as e:
        return str(e.errno)
    address = info[0][4]
    if len(address) == 4 and address[3]:
        return "%s%%%d" % (address[0].split("%")[0], address[3])
    return address[0]


def fuzzed(n, seed):
    rng = random.Random(seed)
    for _ in range(n):
        kind = rng.random()
        if kind < 0.4:
            host = "".join(rng.choice("0123478xXaf.....") for _ in range(rng.randint(1, 14)))
        elif kind < 0.8:
            host = "".join(rng.choice(["0", "1", "f", "ffff", ":", ":", "::", "1.2.3.4", "%lo", "%1", "fe80"]) for _ in range(rng.randint(1, 14)))
        else:
            host = list(rng.choice(HOSTS))
            for _ in range(rng.randint(1, 3)):
                host.insert(rng.randint(0, len(host)), rng.choice("01x:.%f+-"))
                del host[rng.randrange(len(host))]
            host = "".join(host)
        if host:
            yield host


hosts = fuzzed(int(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 2 else HOSTS
for host in hosts:
    print("%s\t%s\t%s" % (host, result(host, socket.AF_UNSPEC), result(host, socket.AF_INET)))

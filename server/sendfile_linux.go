//go:build linux && !portable && !(386 || arm || mips || mipsle || ppc)

package server

import "golang.org/x/sys/unix"

const sysSendfile = unix.SYS_SENDFILE // off_t has 64 bits

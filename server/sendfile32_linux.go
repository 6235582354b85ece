//go:build linux && !portable && (386 || arm || mips || mipsle || ppc)

package server

import "golang.org/x/sys/unix"

const sysSendfile = unix.SYS_SENDFILE64 // off_t of the older call has 32 bits

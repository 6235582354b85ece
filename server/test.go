package server

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Grace is how long Test lets requests under way finish after SIGTERM.
const Grace = 10 * time.Second

// ErrInterrupted is what Test returns after SIGINT with a release that dies of it.
const ErrInterrupted = errorText("KeyboardInterrupt")

// Test is test() of http.server (2.7: of BaseHTTPServer): it listens, prints the banner on standard
// output, and serves until a signal. SIGINT, which is Control-C, ends it at once, with all that
// is under way, and says goodbye as CPython does. SIGTERM, of which CPython dies, lets what is under
// way finish; at a second one it is reset.
//
// It returns nil after a signal, but for ErrInterrupted, and an error where it cannot serve.
func Test(s *TCPServer) error {
	if err := s.Listen(); err != nil {
		return err
	}
	host, port := s.Sockname()
	v := s.Handler.Version
	signals := make(chan os.Signal, 2) // ready before the banner, which says that there is something to stop
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if _, err := os.Stdout.Write(AppendBanner(nil, v, host, port, isColored(os.Stdout))); err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- s.ServeForever() }()
	grace := Grace
	for {
		select {
		case err := <-served:
			return err
		case sig := <-signals:
			if sig == os.Interrupt {
				return interrupted(s)
			}
			go s.Shutdown(grace)
			grace = 0
		}
	}
}

// interrupted ends the server as Control-C does.
func interrupted(s *TCPServer) error {
	goodbye := Goodbye(s.Handler.Version)
	if goodbye == "" {
		return ErrInterrupted
	}
	_, err := os.Stdout.WriteString(goodbye)
	s.Shutdown(0)
	return err
}

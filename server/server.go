package server

import (
	"io"
	"runtime"
	"sync"
	"time"

	"simplehttp/fsmap"
	"simplehttp/handler"
)

// A TCPServer serves a Handler at an address: TCPServer of CPython's socketserver, with
// ThreadingMixIn, though there are no threads. Set the fields, and call ServeForever. The zero
// value of each but Handler is what CPython does.
type TCPServer struct {
	// Addr is where to listen, HOST:PORT: the host is an IPv4 address, an IPv6 address in brackets, or
	// a name that /etc/hosts has, and may be missing, for all addresses of IPv4; port 0 is one that is
	// free, which Sockname tells.
	Addr    string
	Handler *handler.Handler // RequestHandlerClass

	// Env is what the Handler finds around it; nil is SystemEnv of its release.
	Env *handler.Env

	// Log gets the log lines, whole lines with each call; the calls come from several goroutines,
	// but never two at once. Nil is standard error.
	Log io.Writer

	// Loops is the number of event loops; 0 is one per CPU. Without event loops it says nothing.
	Loops int

	// Limits bound what clients may take.
	Limits Limits

	mu      sync.Mutex
	engine  *engine
	serving bool
	closed  bool
	done    chan struct{} // closed at the end of ServeForever
}

// Listen binds the address and listens, as the constructor of CPython's TCPServer does.
// ServeForever calls it if need be.
func (s *TCPServer) Listen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listen()
}

func (s *TCPServer) listen() error {
	if s.engine != nil {
		return nil
	}
	v := s.Handler.Version
	host, port, err := splitAddr(s.Addr)
	if err != nil {
		return err
	}
	a, err := resolve(v, host, port, systemResolver())
	if err != nil {
		return err
	}
	s.engine, err = listen(v, a, port)
	return err
}

// Sockname is the address that the server listens at, as socket.getsockname has it. Listen must
// have succeeded.
func (s *TCPServer) Sockname() (host string, port int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.sockname()
}

// ServeForever serves until Shutdown, after which it returns nil. It can be called once.
func (s *TCPServer) ServeForever() error {
	start, err := s.begin()
	if err != nil || start == nil {
		return err
	}
	defer close(s.done)
	return start()
}

// begin prepares to serve. It returns nil if there is nothing to be done.
func (s *TCPServer) begin() (start func() error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.serving {
		return nil, errorText("server: ServeForever called twice")
	}
	if s.closed {
		return nil, nil
	}
	if err := s.listen(); err != nil {
		return nil, err
	}
	env := s.env()
	service, err := s.Handler.Bind(env)
	if err != nil {
		return nil, err
	}
	e := s.engine
	o := options{
		newConn: func() exchange { return new(handler.Conn) },
		service: service,
		files:   env.FS,
		wall:    func() int64 { return now().Sec },
		log:     &logWriter{w: s.Log},
		loops:   s.Loops,
		limits:  s.Limits,
	}
	if o.loops == 0 {
		o.loops = runtime.NumCPU()
	}
	if o.log.w == nil {
		o.log.w, o.log.whole = standardError{}, standardErrorIsFile()
	}
	s.serving = true
	s.done = make(chan struct{})
	return func() error { return e.serve(o) }, nil
}

// env is Env, or what stands for it.
func (s *TCPServer) env() handler.Env {
	if s.Env == nil {
		return SystemEnv(s.Handler.Version)
	}
	return *s.Env
}

// Shutdown stops listening, and waits until ServeForever has returned: at once if no request is
// under way, and at the latest when grace is over. What is still open then is reset. A later
// Shutdown may shorten the grace.
func (s *TCPServer) Shutdown(grace time.Duration) {
	s.mu.Lock()
	s.closed = true
	e, serving := s.engine, s.serving
	s.mu.Unlock()
	switch {
	case e == nil:
	case serving:
		e.stop(grace)
		<-s.done
	default:
		e.close()
	}
}

// options are what an engine needs to serve.
type options struct {
	newConn func() exchange
	service *handler.Service
	files   fsmap.FS           // that service asks
	wall    func() (sec int64) // the clock of the system
	log     *logWriter
	loops   int
	limits  Limits
}

// exchange is the part of handler.Conn that an engine moves; tests put scripts in its place. What
// the methods promise, handler.Conn says.
type exchange interface {
	Reset(s *handler.Service, peer handler.Peer)
	State() handler.State
	Feed(in []byte) (n int)
	End()
	Broken()
	Work()
	Output() *handler.Output
	Wrote()
	Abort()
}

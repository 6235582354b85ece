package reqparse

// A Request is what parse_request makes of the input. Its slices are valid until the Parser's
// next Reset or Feed. All text is Latin-1, as CPython decodes it; in 2.7 it is bytes.
//
// For a refusal these are the handler's attributes at the moment when send_error runs, since it
// looks at some: a body goes out unless Method is HEAD, a head unless HTTPVersion is HTTP/0.9.
type Request struct {
	RequestLine     []byte // without the CR and LF at its end: what is logged
	Method          []byte // command; nil for None, as it is until the request-line was accepted
	Target          []byte // path; nil until the request-line was accepted
	HTTPVersion     []byte // request_version
	CloseConnection bool
	ExpectContinue  bool // 100 Continue is to be written before the method runs
	Fields          Fields
}

// A Refusal is what send_error is called with. An empty Message or Explain stands for the text
// that belongs to the status.
type Refusal struct {
	Status           int
	Message, Explain []byte // Latin-1; 2.7: bytes
}

// result keeps what Request returns, so that it is made once and not for every request.
type result struct {
	Request
	version []byte // holds default_request_version
	filled  bool
}

// Request returns what was read. After NeedMore and Empty it is what is known so far.
func (p *Parser) Request() *Request {
	if p.result == nil {
		p.result = new(result)
	}
	r := p.result
	if !r.filled {
		p.fill(r)
		r.filled = p.state != NeedMore
	}
	return &r.Request
}

func (p *Parser) fill(r *result) {
	text := p.block.text
	if text == nil {
		text = []byte{} // for values that are the empty string, not None
	}
	r.CloseConnection = p.close
	r.RequestLine = p.requestLine.of(text)
	r.Method, r.Target = nil, nil
	if p.method != (span{}) || p.versionFrom == versionEmpty && p.requestLine == (span{}) {
		r.Method = p.method.of(text) // the empty string for 414
	}
	if p.target != (span{}) {
		r.Target = p.target.of(text)
	}
	r.HTTPVersion = p.version.of(text)
	if p.versionFrom == versionDefault {
		r.version = append(r.version[:0], p.opts.DefaultVersion...)
		r.HTTPVersion = r.version
	}
	r.ExpectContinue = p.state == Complete && p.expectsContinue()
	p.fillFields(&r.Fields)
}

// Refusal returns what send_error is to be called with, after Refused.
func (p *Parser) Refusal() Refusal {
	if p.rare == nil {
		return Refusal{}
	}
	return p.rare.refusal
}

// Crash returns the last line of CPython's traceback, after Crashed.
func (p *Parser) Crash() string {
	if p.rare == nil {
		return ""
	}
	return p.rare.crash
}

// refuse makes send_error the answer.
func (p *Parser) refuse(r Refusal) {
	p.uncommon().refusal = r
	p.state = Refused
}

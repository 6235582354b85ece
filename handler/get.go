package handler

import (
	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/listing"
	"simplehttp/mime"
	"simplehttp/response"
)

// sendHead is SimpleHTTPRequestHandler.send_head. It returns what is to be sent as the body, or
// nil where the answer is complete, or is left to Work.
func (c *Conn) sendHead() fsmap.File {
	target := c.target()
	path, ok := c.translatePath(target)
	if !ok {
		return nil
	}
	found := fsmap.Locate(c.service.env.FS, &c.paths, fsmap.Lookup{
		Version:    c.service.v,
		Target:     target,
		Path:       path,
		IndexPages: c.service.h.IndexPages,
		MayWait:    c.mayBlock,
	})
	switch found.Kind {
	case fsmap.BlocksResource:
		c.blocked = true
	case fsmap.CrashResource:
		c.crashed(found.Crash)
	case fsmap.RedirectResource:
		c.redirect(found.Location)
	case fsmap.DirectoryResource:
		return c.listDirectoryAt(found.Path)
	case fsmap.MissingResource:
		if _, ok := c.guessType(path); ok { // which CPython does before it finds out
			c.sendOwnError(404, fileNotFound, nil)
		}
	case fsmap.FileResource:
		return c.sendFileHead(found)
	}
	return nil
}

var fileNotFound = []byte("File not found")

// redirect sends a browser to the same URL with a slash at its end.
func (c *Conn) redirect(location []byte) {
	c.sendResponse(301, wire{})
	c.sendHeader("Location", wire{bytes: location})
	if c.service.v.Has(cpython.SendsLengthOfRedirect) {
		c.sendLength("Content-Length", 0)
	}
	c.endHeaders()
}

// sendFileHead sends the head for an open file, and returns the file; or says that the client has
// it already.
func (c *Conn) sendFileHead(found fsmap.Resource) fsmap.File {
	mediaType, ok := c.guessType(found.Path)
	modified := response.Time{Sec: found.Info.Sec, Nsec: found.Info.Nsec}
	if !ok || c.sendNotModified(modified) {
		_ = found.File.Close() // opened for reading: there is nothing to lose
		return nil
	}
	c.sendResponse(200, wire{})
	c.sendHeader("Content-type", mediaType)
	c.sendLength("Content-Length", found.Info.Size)
	c.sendTime("Last-Modified", modified)
	c.sendExtraResponseHeaders(true)
	c.endHeaders()
	c.size = found.Info.Size
	return found.File
}

// sendNotModified answers with 304, if the client has a copy that is new enough: RFC 9110, section
// 13.1.3. CPython compares only with dates in UTC, and ignores If-Modified-Since where there is
// an If-None-Match, but knows no ETag. done says that the answer is complete.
func (c *Conn) sendNotModified(modified response.Time) (done bool) {
	v := c.service.v
	if !v.Has(cpython.HonorsIfModifiedSince) {
		return false
	}
	fields := &c.parser.Request().Fields
	since, ok := fields.Get("If-Modified-Since")
	if !ok {
		return false
	}
	if _, ok := fields.Get("If-None-Match"); ok {
		return false
	}
	ims, kind := cpython.ParseDateToDatetime(v, since)
	switch kind {
	case cpython.DateCrash:
		c.crashed(cpython.DottedTimeCrash)
		return true
	case cpython.DateUTC:
		last, crash := response.Second(v, modified)
		if crash != "" {
			c.crashed(crash)
			return true
		}
		if last <= ims {
			c.sendResponse(304, wire{})
			c.endHeaders()
			return true
		}
	}
	return false
}

// listDirectoryAt lists the directory that send_head found.
func (c *Conn) listDirectoryAt(path fsmap.Path) fsmap.File {
	if f := c.service.h.ListDirectory; f != nil {
		return f(&c.req, string(path.Name))
	}
	if !c.mayBlock {
		c.blocked = true
		return nil
	}
	return c.listDirectory(path)
}

var noPermission = []byte("No permission to list directory")

// listDirectory is SimpleHTTPRequestHandler.list_directory.
func (c *Conn) listDirectory(path fsmap.Path) fsmap.File {
	entries, err := c.service.env.FS.ReadDir(path.Name)
	if err != nil {
		c.sendOwnError(404, noPermission, nil)
		return nil
	}
	about := listing.Page{Version: c.service.v, Target: c.target(), FSPath: path.Text, Encoding: c.service.encoding}
	body, crash := about.Append(c.listing[:0], entries)
	if !c.service.subclassed { // else nobody knows for how long it is wanted
		c.listing = body[:0]
	}
	if crash != "" {
		c.crashed(crash)
		return nil
	}
	c.sendResponse(200, wire{})
	c.sendHeader("Content-type", wire{bytes: []byte("text/html; charset=" + c.service.encoding)})
	c.sendLength("Content-Length", int64(len(body)))
	c.sendExtraResponseHeaders(false)
	c.endHeaders()
	return &page{bytes: body}
}

// sendExtraResponseHeaders is 3.15's _send_extra_response_headers: it adds the fields of the
// command line, but for those that the answer has already. The releases without that option
// have them as an extension. modified says that the answer has a Last-Modified.
func (c *Conn) sendExtraResponseHeaders(modified bool) {
	if c.service.h.ExtraResponseHeaders == nil || c.crash != "" {
		return
	}
	if c.simple() && !c.filled && c.service.v.Has(cpython.CrashesOnExtraFieldsOfSimpleRequest) {
		c.crashed("AttributeError: 'SimpleHTTPRequestHandler' object has no attribute '_default_response_headers'. " +
			"Did you mean '.extra_response_headers' instead of '._default_response_headers'?")
		return
	}
	for _, e := range c.service.h.ExtraResponseHeaders {
		sent := equalFold(e.Keyword, "server") || equalFold(e.Keyword, "date") ||
			equalFold(e.Keyword, "content-type") || equalFold(e.Keyword, "content-length") ||
			modified && equalFold(e.Keyword, "last-modified")
		if !sent || c.simple() {
			c.req.SendHeader(e.Keyword, e.Value)
		}
	}
}

// target returns the request-target as bytes of the wire. A method of a subclass may have changed it.
func (c *Conn) target() []byte {
	if c.service.subclassed {
		return targetOf(c.service.v, c.req.Path)
	}
	return c.req.target
}

// translatePath calls translate_path, the release's or the subclass's. ok is false where an
// exception has ended the request.
func (c *Conn) translatePath(target []byte) (path fsmap.Path, ok bool) {
	if f := c.service.h.TranslatePath; f != nil {
		return pathOf(c.service.codec, f(&c.req, c.req.Path)), c.crash == ""
	}
	return c.translate(target)
}

// translate is SimpleHTTPRequestHandler.translate_path.
func (c *Conn) translate(target []byte) (path fsmap.Path, ok bool) {
	base := c.service.base
	if base == nil {
		cwd, err := c.service.env.FS.Getwd()
		if err != nil {
			c.crashed(noWorkingDirectory(c.service.v))
			return fsmap.Path{}, false
		}
		base = cwd
	}
	c.paths.Codec = c.service.codec
	return fsmap.TranslatePath(c.service.v, base, target, &c.paths), true
}

// noWorkingDirectory is the exception of os.getcwd() in a directory that is gone.
func noWorkingDirectory(v cpython.Version) string {
	if v.Has(cpython.ReadsPathAsBytes) {
		return "OSError: [Errno 2] No such file or directory"
	}
	return "FileNotFoundError: [Errno 2] No such file or directory"
}

// pathOf returns a path in the bytes of the system, as translate_path would.
func pathOf(codec cpython.Codec, name string) fsmap.Path {
	path := fsmap.Path{Name: []byte(name)}
	path.Text = codec.AppendDecode(nil, path.Name)
	for _, c := range path.Name {
		if c == 0 {
			path.Bad = fsmap.HasNUL
		}
	}
	return path
}

// guessType calls guess_type, the release's or the subclass's, for the value of Content-type. ok
// is false where an exception has ended the request.
func (c *Conn) guessType(path fsmap.Path) (mediaType wire, ok bool) {
	if f := c.service.h.GuessType; f != nil {
		return newWire(c.service.v, f(&c.req, string(path.Name))), c.crash == ""
	}
	guessed, ok := c.guess(path.Text)
	if !ok {
		return wire{}, false
	}
	return c.typeWire(guessed), true
}

// typeWire is newWire without an allocation for a type that is ASCII.
func (c *Conn) typeWire(mediaType string) wire {
	for i := range len(mediaType) {
		if mediaType[i] >= 0x80 {
			return newWire(c.service.v, mediaType)
		}
	}
	c.mediaType = append(c.mediaType[:0], mediaType...)
	return wire{bytes: c.mediaType}
}

// guess is SimpleHTTPRequestHandler.guess_type for a path as text.
func (c *Conn) guess(path []byte) (mediaType string, ok bool) {
	guessed, result := c.service.types.Guess(path, c.service.extensions)
	switch result {
	case mime.Crashed:
		c.crashed(guessed)
		return "", false
	case mime.Unknown:
		return c.service.h.DefaultContentType, true
	}
	return guessed, true
}

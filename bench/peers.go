//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A peer is a server that is measured.
type peer struct {
	name  string
	about string // how it is set up, for the page
	get   string // how to get it, if it is not there
	forks bool   // it has a child per request and forgets what that cost
	queue int    // clients that it lets wait; 0 is enough. More would measure how TCP repeats its SYN

	// program returns the file to run, or an error.
	program func(b *bench) (string, error)
	// arguments returns the command line behind the program, and may write files into s.scratch.
	arguments func(s setup) ([]string, error)
}

// A setup is what a server is to serve.
type setup struct {
	root    string // folder
	file    string // the one file that a floor sends
	port    int
	keep    bool   // HTTP/1.1
	scratch string // folder for configuration and logs of this server alone
}

// ours is the name of the server that all others are compared with.
const ours = "simplehttp"

var peers = []peer{
	{name: ours, about: "this project, its log on, into a file",
		program: built(ours), arguments: simplehttpArguments},
	{name: "nginx", about: "one worker, sendfile, tcp_nopush, access log off",
		get: "apt-get install nginx-light", program: installed("nginx"), arguments: nginxArguments("", "")},
	{name: "nginx-cache", about: "the same, with open_file_cache for a minute",
		get: "apt-get install nginx-light", program: installed("nginx"), arguments: nginxArguments(nginxCache, "")},
	{name: "nginx-deferred", about: "the same as nginx, and it listens with TCP_DEFER_ACCEPT, as ours does",
		get: "apt-get install nginx-light", program: installed("nginx"), arguments: nginxArguments("", " deferred")},
	{name: "lighttpd", about: "one process, sendfile, no access log",
		get: "apt-get install lighttpd", program: installed("lighttpd"), arguments: lighttpdArguments},
	{name: "busybox", about: "httpd, a process per request, 8 clients at most", forks: true, queue: 8,
		get: "apt-get install busybox", program: installed("busybox"), arguments: busyboxArguments},
	{name: "python3.13", about: "python -m http.server, its log on, into a file, 5 clients at most", queue: 5,
		get: "pyenv install 3.13.0", program: python("3.13"), arguments: python3Arguments},
	{name: "python2.7", about: "python -m SimpleHTTPServer, its log on, into a file, 5 clients at most", queue: 5,
		get: "pyenv install 2.7.18", program: python("2.7"), arguments: python2Arguments},
	{name: "floor", about: "bench/floor: accepts, reads, sends the same bytes from memory, closes; over epoll",
		program: built("floor"), arguments: floorArguments()},
	{name: "floor-uring", about: "the same over io_uring",
		program: built("floor"), arguments: floorArguments("--uring")},
	{name: "sendfile", about: "bench/floor with sendfile: the loop of a small file server",
		program: built("floor"), arguments: floorArguments("--sendfile")},
}

// peerNamed returns the peer of this name.
func peerNamed(name string) (*peer, error) {
	for i := range peers {
		if peers[i].name == name {
			return &peers[i], nil
		}
	}
	return nil, fmt.Errorf("no peer %q", name)
}

// built finds a program that the bench has built.
func built(name string) func(*bench) (string, error) {
	return func(b *bench) (string, error) { return filepath.Join(b.programs, name), nil }
}

// installed finds a program of the system. Servers are often where only root looks.
func installed(name string) func(*bench) (string, error) {
	return func(*bench) (string, error) {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
		return exec.LookPath("/usr/sbin/" + name)
	}
}

// python finds an interpreter of a release: pyenv's, or the system's.
func python(release string) func(*bench) (string, error) {
	return func(*bench) (string, error) {
		root := os.Getenv("PYENV_ROOT")
		if root == "" {
			root = filepath.Join(os.Getenv("HOME"), ".pyenv")
		}
		found, _ := filepath.Glob(filepath.Join(root, "versions", release+".*", "bin", "python")) // the pattern is right
		if len(found) > 0 {
			return found[len(found)-1], nil
		}
		return exec.LookPath("python" + release)
	}
}

func simplehttpArguments(s setup) ([]string, error) {
	args := []string{fmt.Sprint(s.port), "--bind", "127.0.0.1", "--directory", s.root}
	if s.keep {
		args = append(args, "--protocol", "HTTP/1.1")
	}
	return args, nil
}

func python3Arguments(s setup) ([]string, error) {
	args, err := simplehttpArguments(s)
	return append([]string{"-u", "-m", "http.server"}, args...), err
}

// python2Arguments serve the current folder, the only one that SimpleHTTPServer knows.
func python2Arguments(s setup) ([]string, error) {
	const serve = "import os, sys, SimpleHTTPServer; os.chdir(sys.argv[2]); SimpleHTTPServer.test()"
	return []string{"-u", "-c", serve, fmt.Sprint(s.port), s.root}, nil
}

func busyboxArguments(s setup) ([]string, error) {
	return []string{"httpd", "-f", "-p", fmt.Sprintf("127.0.0.1:%d", s.port), "-h", s.root}, nil
}

func floorArguments(more ...string) func(setup) ([]string, error) {
	return func(s setup) ([]string, error) {
		args := append([]string{"--port", fmt.Sprint(s.port), "--file", s.file}, more...)
		if s.keep {
			args = append(args, "--keep")
		}
		return args, nil
	}
}

const nginxCache = `
    open_file_cache max=200000 inactive=60s;
    open_file_cache_valid 60s;
    open_file_cache_min_uses 1;
    open_file_cache_errors on;`

// nginxText is filled with scratch folder, cache, port, root and how to listen. The timeouts are as long as no
// run is, and connections are kept for as many requests as come.
const nginxText = `
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid %[1]s/pid;
error_log %[1]s/error.log crit;
events { worker_connections 19000; use epoll; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    autoindex on;
    keepalive_requests 1000000000;
    client_header_timeout 600s;
    types { }
    default_type application/octet-stream;
    client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi;
    uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;%[2]s
    server { listen 127.0.0.1:%[3]d backlog=4096%[5]s; root %[4]s; }
}
`

func nginxArguments(cache, listen string) func(setup) ([]string, error) {
	return func(s setup) ([]string, error) {
		name := filepath.Join(s.scratch, "nginx.conf")
		text := "user root;" + fmt.Sprintf(nginxText, s.scratch, cache, s.port, s.root, listen)
		return []string{"-c", name, "-p", s.scratch, "-e", filepath.Join(s.scratch, "error.log")}, os.WriteFile(name, []byte(text), 0o644)
	}
}

// lighttpdText is filled with root and port. It takes half as many connections as it has
// descriptors.
const lighttpdText = `
server.modules = ( "mod_dirlisting" )
server.document-root = "%[1]s"
server.bind = "127.0.0.1"
server.port = %[2]d
server.network-backend = "sendfile"
server.listen-backlog = 4096
server.max-fds = 20000
server.max-connections = 9900
server.max-keep-alive-requests = 1000000000
server.max-read-idle = 600
dir-listing.activate = "enable"
mimetype.assign = ( "" => "application/octet-stream" )
`

func lighttpdArguments(s setup) ([]string, error) {
	name := filepath.Join(s.scratch, "lighttpd.conf")
	text := strings.TrimSpace(fmt.Sprintf(lighttpdText, s.root, s.port)) + "\n"
	return []string{"-D", "-f", name}, os.WriteFile(name, []byte(text), 0o644)
}

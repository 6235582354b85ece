package simplehttp

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// budget reads budget.txt.
func budget(t *testing.T) map[string]int64 {
	t.Helper()
	text, err := os.ReadFile("budget.txt")
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]int64{}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) == 2 && words[0] != "#" {
			n, err := strconv.ParseInt(words[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			figures[words[0]] = n
		}
	}
	return figures
}

// buildServer builds the command as make build does, for linux/amd64.
func buildServer(t *testing.T) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "simplehttp")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", name, "./cmd/simplehttp")
	cmd.Env = append(cmd.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return name
}

func TestServerSize(t *testing.T) {
	info, err := os.Stat(buildServer(t))
	if err != nil {
		t.Fatal(err)
	}
	if most := budget(t)["size"]; info.Size() > most {
		t.Errorf("the server has %d bytes, more than %d", info.Size(), most)
	}
	t.Logf("%d bytes", info.Size())
}

func TestIdleMemory(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the budget is that of linux/amd64")
	}
	cmd := exec.Command(buildServer(t), "--bind", "127.0.0.1", "0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil { // the banner: it serves
		t.Fatal(err)
	}
	statm, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64) // proc_pid_statm(5): resident
	if err != nil {
		t.Fatal(err)
	}
	resident := pages * int64(os.Getpagesize())
	if most := budget(t)["idle"]; resident > most {
		t.Errorf("the idle server has %d bytes resident, more than %d", resident, most)
	}
	t.Logf("%d bytes", resident)
}

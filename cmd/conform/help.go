package main

import (
	_ "embed"

	"simplehttp/conformance"
)

//go:embed help/check.txt
var checkPage string

// pages are the long texts of single commands.
var pages = map[string]string{
	"check":  checkPage,
	"export": "usage: conform export DIR\n\n" + conformance.ExportFormat,
}

module simplehttp

go 1.26

module birdbox/conformance/gotwi

go 1.25

require github.com/michimani/gotwi v0.18.1

package main

import (
	"os"
	"time"

	"github.com/rs/zerolog"
)

func newLogger() zerolog.Logger {
	zerolog.TimeFieldFormat = time.RFC3339Nano // by default without a fraction, which loses the order within a second
	return zerolog.New(os.Stdout).With().Timestamp().Logger()
}

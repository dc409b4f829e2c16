package main

import "go.uber.org/zap"

// The time is in seconds, with microseconds as decimals.
func newLogger() (*zap.Logger, error) {
	return zap.NewProduction()
}

module rocketlink/duckdb

go 1.24

require github.com/duckdb/duckdb-go-bindings/lib/linux-amd64 v0.10506.0

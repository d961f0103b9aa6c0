simulate workload.yaml --pricing acme.yaml --at 2026-11-20 --seed 7 --replicates 20 --format json --target acme/swift@5m

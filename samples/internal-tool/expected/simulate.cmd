simulate workload.yaml --at 2026-11-20 --seed 1

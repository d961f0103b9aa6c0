simulate workload_fixed.yaml --at 2026-11-20 --seed 1

audit silenced.j2 --target acme/swift@5m --pricing acme.yaml --at 2026-11-20 --format sarif

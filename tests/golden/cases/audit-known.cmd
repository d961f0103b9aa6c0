audit clock.j2 --baseline known.json --target acme/swift@5m --pricing acme.yaml --at 2026-11-20

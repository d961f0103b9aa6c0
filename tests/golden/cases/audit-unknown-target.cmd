audit clock.j2 --target acme/swallow --pricing acme.yaml --at 2026-11-20

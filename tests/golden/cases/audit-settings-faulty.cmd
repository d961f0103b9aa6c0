audit clock.j2 --config faulty.yaml --at 2026-11-20

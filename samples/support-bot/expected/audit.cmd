audit prompt.j2 --context contexts.yaml --at 2026-11-20

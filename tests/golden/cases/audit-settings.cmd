audit --config settings.yaml --at 2026-11-20 --format concise

prices show acme/swift --pricing acme.yaml --at 2026-11-20

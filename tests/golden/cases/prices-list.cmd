prices list 'acme/*' --pricing acme.yaml --at 2026-11-20

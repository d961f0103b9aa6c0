prices list 'nobody/*' --at 2026-11-20

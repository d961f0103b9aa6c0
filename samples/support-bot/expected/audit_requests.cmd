audit requests.jsonl --at 2026-11-20

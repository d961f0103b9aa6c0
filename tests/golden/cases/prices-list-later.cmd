prices list 'acme/*@1h' --pricing acme.yaml --at 2027-01-01

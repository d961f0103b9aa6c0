prices validate acme.yaml

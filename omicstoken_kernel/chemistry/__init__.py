"""What peptides weigh and how they behave: masses, modifications, descriptors."""

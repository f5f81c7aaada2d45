"""What runs only on a developer's machine; none of it is in the Lambda artefact."""

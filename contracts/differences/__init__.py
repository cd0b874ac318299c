"""What would break for clients between two versions of the contract: documents, schemas, and the access table beside them."""

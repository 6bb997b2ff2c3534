"""The same public JSON as a FastAPI program has it: async SQLAlchemy, asyncpg, response models."""

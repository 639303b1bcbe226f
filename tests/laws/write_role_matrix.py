"""Write the table of roles and routes anew: python -m tests.laws.write_role_matrix."""

from app import create_app
from tests.laws.test_roles import TABLE, matrix

if __name__ == "__main__":
    TABLE.write_text(matrix(create_app()))

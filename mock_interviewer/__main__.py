"""`python -m mock_interviewer`: the same as `mock-interviewer`."""

from mock_interviewer.cli.main import main

if __name__ == "__main__":
    main()

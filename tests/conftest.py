"""No check reaches a real account, and slow machines get the time they need."""

import os

from hypothesis import settings

# At import, because handlers and botocore read the environment when they are loaded.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}

# The same cases in every run, so that what is green stays green until something changes;
# `pytest --hypothesis-profile=searching` draws others each time.
settings.register_profile("searching", deadline=None, print_blob=True)
settings.register_profile("repeatable", settings.get_profile("searching"), derandomize=True)
settings.load_profile("repeatable")

"""Stand-ins for the paid providers: separate processes that speak their wire protocol and never cost anything.

`python manage.py simulate_providers` starts all three for a person to try; tests use `process.SimulatorProcess`.
What they accept and answer follows the contract, not our client: they know nothing of the studio's code.
"""

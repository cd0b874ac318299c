"""How we ask and judge: targets, client, observation, verdicts, reports."""

"""The one next thing of a task, for each status that wants one. A step holds the task's lease while it runs."""

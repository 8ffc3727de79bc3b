"""Free drafts: a moving storyboard drawn from the references themselves. No model, no network, no Django.

`request` says what is wanted, `storyboard` decides what is on screen when, `render` draws the film.
"""

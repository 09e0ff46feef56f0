"""The page where teachers read, comment and give points: a server for one person on one computer.

`serving` binds and starts it, `app` knows its addresses, `security` stands in front of it. `overview` and
`reading_page` are what is asked, `actions` and `changing` what is posted. The gradebook is the only store: whatever a
page shows is read from it when it is asked for, and a change is confirmed when it is committed. What a student wrote
enters a page through `cells` alone.
"""

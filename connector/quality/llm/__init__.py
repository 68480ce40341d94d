"""A language model as scorer: asked for answers with quotes, believed only where the quotes stand in the call.

prompt | endpoint (json_schema, then json_object, then text) | read the answer | check every quote | score
"""

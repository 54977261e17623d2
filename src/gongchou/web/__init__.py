"""The shell: base template, components, middleware, the grammar of lists and forms. No models, no rules."""

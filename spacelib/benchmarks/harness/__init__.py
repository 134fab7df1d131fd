"""The logs that evaluation harnesses write, whatever benchmark they ran: lmms-eval, VLMEvalKit."""

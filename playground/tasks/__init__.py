"""One file per room: what can be asked, what comes back, and the pure maths on it. No torch, no gradio."""

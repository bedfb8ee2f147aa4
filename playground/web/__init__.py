"""What runs in the browser: .js and .css files, and the component that loads them."""

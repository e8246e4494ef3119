// Short pictures of the server's threads at work.

function lanesSection() { return null; }

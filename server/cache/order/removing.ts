/** Words of a script that removes something. What a RUN before it has left stays in the layer of that one, and the image grows. */
export const removing =
  /\b(?:rm|unlink|find|prune|clean|cleanup|uninstall|purge|remove|autoremove|del|delete|erase|clear-?cache)\b/;

/** Acme's fans. */
package org.example.acme;

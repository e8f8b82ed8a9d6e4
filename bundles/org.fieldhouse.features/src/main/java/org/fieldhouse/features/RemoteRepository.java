package org.fieldhouse.features;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** A Maven repository that is asked over HTTP; versions come from {@code maven-metadata.xml}. It cannot be listed. */
final class RemoteRepository implements Repository {
    static final int CONNECT_MILLIS = 10_000;
    static final int READ_MILLIS = 30_000;
    private static final String DEFAULT_GROUP = "org.fieldhouse";
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    private final String base;

    RemoteRepository(String url) {
        this.base = url.endsWith("/") ? url : url + '/';
    }

    @Override
    public String description() {
        return base;
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public List<String> features() {
        return List.of();
    }

    @Override
    public List<Coordinates> versions(String group, String artefact) throws IOException {
        String in = group.isEmpty() ? DEFAULT_GROUP : group;
        Optional<InputStream> metadata = get(base + in.replace('.', '/') + '/' + artefact + "/maven-metadata.xml");
        if (metadata.isEmpty()) {
            return List.of();
        }
        List<Coordinates> found = new ArrayList<>();
        try (InputStream xml = metadata.get()) {
            for (String version : versions(xml)) {
                found.add(new Coordinates(in, artefact, version, "", ""));
            }
        } catch (XMLStreamException e) {
            throw new IOException(
                    base + ": maven-metadata.xml of " + artefact + " cannot be read: " + e.getMessage(), e);
        }
        return found;
    }

    private static List<String> versions(InputStream xml) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader reader = factory.createXMLStreamReader(xml);
        List<String> versions = new ArrayList<>();
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamReader.START_ELEMENT
                    && reader.getLocalName().equals("version")) {
                String version = reader.getElementText().strip();
                if (version.matches("[A-Za-z0-9][A-Za-z0-9._+-]*")) {
                    versions.add(version);
                }
            }
        }
        return versions;
    }

    @Override
    public Optional<InputStream> open(Coordinates coordinates, String ending) throws IOException {
        return get(base + coordinates.path() + ending);
    }

    private static Optional<InputStream> get(String url) throws IOException {
        try {
            return Optional.of(connect(URI.create(url)));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** @throws FileNotFoundException if the server says that there is nothing */
    static InputStream connect(URI uri) throws IOException {
        URLConnection connection = uri.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        if (connection instanceof HttpURLConnection http) {
            int status = http.getResponseCode();
            if (status == NOT_FOUND || status == GONE) {
                throw new FileNotFoundException(uri.toString());
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException(uri + " answers " + status + ' ' + http.getResponseMessage());
            }
        }
        return connection.getInputStream();
    }
}

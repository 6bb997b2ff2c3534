// Starts the reader of the OpenAPI document that the page has loaded.
const swagger = document.getElementById("swagger");
const redoc = document.getElementById("redoc");

if (swagger) {
  SwaggerUIBundle({
    domNode: swagger,
    url: swagger.dataset.document,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
}
if (redoc) {
  Redoc.init(
    redoc.dataset.document,
    {
      scrollYOffset: 52,
      hideDownloadButton: true,
      expandResponses: "200,201",
      theme: {
        colors: { primary: { main: "#8f2468" } },
        typography: { fontFamily: "Inter, system-ui, sans-serif", headings: { fontFamily: "Inter, system-ui, sans-serif" } },
      },
    },
    redoc,
  );
}

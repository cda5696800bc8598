/** What the page asks of the worker that reads PDFs. */
export interface PdfMethods {
  /** The text of the pages, an empty line between them; a chunk after each page. */
  read: { params: { name: string; bytes: ArrayBuffer }; chunk: PdfPage; result: PdfText };
}

export interface PdfPage {
  page: number;
  pages: number;
}

export interface PdfText {
  text: string;
  pages: number;
}

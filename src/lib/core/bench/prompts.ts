/**
 * The texts that a benchmark reads, written for it. A change of one changes what is measured, so it is a new
 * `PROMPTS_VERSION`, under which references are remembered. Import it only where a run begins.
 */
export const PROMPTS_VERSION = 2;

const PAGE = `The harbour office keeps a large book. Every morning a clerk named Oskar sharpens two pencils, lights the stove and writes down each boat that comes in: on the left its name, in the middle the hour, on the right what it carries. Before noon there are fish, salt and timber. After noon come stones from the quarry, apples in wooden crates, letters for nine villages and, once a month, a doctor with her black bag. Nobody may leave the quay until the ink is dry. When the lighthouse begins to turn, the old man closes the shutters, feeds a grey cat, counts the coins twice and puts them into an iron box. Then he walks home along the water, slowly, because he likes to hear the ropes creak, and at the last bridge he always stops to look back.`;

/**
 * What the agreement goes on from: a page that stands there twice and begins a third time. What follows is written
 * there, so every model for English is sure of it, and right engines agree. Free prose has a place in a hundred where
 * two tokens are as likely, and there rounding decides: a sound engine would seem wrong.
 */
export const AGREEMENT_PROMPT = [PAGE, PAGE, PAGE.slice(0, PAGE.indexOf(' on the left'))].join(
  '\n\n',
);

/** Whose tokens prompts are drawn from: many trades, so that there are many words. */
export const DRAW_TEXT = `Before the sun reached the valley, the baker had already weighed flour, water, salt and a spoonful of old dough. He did not own a clock that he trusted; he listened instead to the river, which ran louder toward morning, and to the postman, whose bicycle squeaked at the corner of Chestnut Street. Twelve loaves went into the oven first, round and heavy, then the narrow rolls that children carried to school. While they baked he swept the floor, opened both windows and wrote a list: butter, yeast, almonds, string, a new handle for the shovel.

Across the road, a mechanic named Ines was taking an engine apart. Each bolt had its place on a sheet of grey cloth, because an engine forgives nothing that is forgotten. She measured the cylinders with a brass gauge, shook her head, and measured again. Two of them had worn oval. "Eighty thousand kilometres on bad oil," she told the owner, who nodded as if he had expected worse. They agreed on a price, and on Thursday.

The school taught geography in a room with seven maps, no two of which showed the same borders. The oldest was printed on linen and called half of a continent unknown. Pupils liked it best. Their teacher asked them to draw the way from home to the classroom without naming a street, only by what they smelled and heard: warm bread, hot metal, wet chalk, the pigeons under the bridge, a piano with one broken string. Afterwards they compared the drawings, and nearly everyone could guess whose house was whose.

In the hospital on the hill, the night shift handed over its notes. Patient nine slept well. Patient fourteen asked twice for the date and once for his brother. A young doctor, new that month, washed her hands up to the elbow and counted slowly to thirty, the way she had been shown. Medicine, her professor used to say, is mostly paying attention; the rest is chemistry. She wrote the doses in block letters, added the units, and let a colleague read them aloud before anything was given.

Numbers ruled the bank as well, though they were kinder there. A cashier counted coins into paper tubes, fifty at a time, and could hear a false one by its ring. Interest was three and a quarter percent that year, rent had risen by a tenth, and everybody discussed both. An elderly carpenter came to close an account that he had opened in 1962 with the wages from his first staircase. He wanted the sum in small notes, since he meant to divide it among eleven grandchildren and did not care to do fractions at the table.

Fractions were exactly what occupied the observatory. Its telescope followed a faint star that dimmed every nineteen hours, never by the same amount. Either a planet crossed its face together with a cloud of dust, or the instrument had a fault. The astronomers hoped for the planet, and therefore searched for the fault: they swapped cables, cooled the sensor, covered the dome with a second curtain, and let a program subtract the moon. On the fifth night the pattern was still there. Somebody fetched a bottle; somebody else said that one more week of data would do no harm.

Programs, of course, break in their own fashion. The cooperative that sold apples kept its orders in a table which nobody dared to sort, for a formula in column F referred to the row above. A student was hired for the summer to replace it. She began by writing down what each person believed the table did, found four different answers, and built the new one so that it would refuse an order it did not understand. The growers complained for a week. Then the trucks left on time, with the right crates, and nobody mentioned it again, which in that trade is praise.

Apples need cold winters, patient bees and someone willing to climb. The orchard lay on a slope that faced east, so frost left it slowly and blossoms opened late. Foxes crossed it at dusk, owls after dark. Under the oldest tree stood a bench with a view of the railway, where freight trains carried gravel, timber and cars toward the coast. From there one could see the weather arrive: first a yellow edge above the hills, next a wind that turned the leaves silver, finally rain in long diagonal lines that reached the roofs before it reached the grass.

When it rained, the theatre filled. The company rehearsed an old comedy in which a miser hides gold in a cello and his daughter learns to play it. Costumes were sewn from curtains. The lighting came from an engineer who had retired from the tram depot and spoke of lamps as others speak of wine. He explained that blue must be added early, while nobody looks, and taken away all at once. On the evening of the premiere a fuse burned out during the second act; the actors went on by candle, the audience believed it was intended, and the newspaper praised the courage of the idea.

Newspapers travelled by boat to the islands, where the ferry captain read them first. He knew forty words for the state of the sea and used perhaps six. Calm meant that coffee stayed in its cup. Lively meant that tourists stopped talking. Beyond that he simply pointed at the life jackets. His daughter studied law in the capital and sent him questions about salvage, cargo and the duty to help strangers, which he answered from experience, in pencil, on the backs of tide tables. She passed the examination with the best mark of her class and framed one of the tables.

Late in the afternoon the market packed up. Fishmongers threw ice into the gutter, a florist gave away tulips that would not last until tomorrow, and two chess players argued over a bishop. Someone tuned a violin. Someone lost a glove, found it, and lost the other. The lamps along the quay came on one after another, each with a short click, until the whole harbour lay drawn in points of light upon black water, as exact and as quiet as a proof.
`;

/** The site's puller, which notes how long its thread was in each step. */
import './watched';
import '../../../workers/puller/main';

import { themeToggle } from './page.js';

themeToggle();

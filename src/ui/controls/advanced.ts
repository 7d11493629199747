import { LitElement } from 'lit'
import { customElement } from 'lit/decorators.js'
@customElement('oom-advanced')
export class OomAdvanced extends LitElement {}
